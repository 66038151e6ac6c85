import "../styles/tokens.css";
import "../styles/ground.css";
import "../styles/controls.css";
import "../styles/forms.css";
import "./window.css";
