import { mount } from "svelte";
import App from "./app/App.svelte";
import "./style/base.css";
import "./style/parts.css";
import "./style/figure.css";

const target = document.getElementById("app");
if (target) mount(App, { target });
