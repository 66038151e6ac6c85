import "./base";
import "./parts";
