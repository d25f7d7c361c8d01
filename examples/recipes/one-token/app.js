import { createApp } from "vue";
import App from "./App.vue";

export const mount = (auth) => createApp(App, { auth }).mount("#app");
