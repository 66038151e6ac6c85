import "../styles/tokens.css";
import "../styles/ground.css";
import "../styles/controls.css";
import "../styles/forms.css";
import "../styles/looks.css";
import "./window.css";
