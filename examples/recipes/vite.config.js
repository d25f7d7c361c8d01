import { readdirSync } from "node:fs";
import react from "@vitejs/plugin-react";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const designs = ["two-tokens", "one-token", "devices", "react-context", "stored-tokens", "libraries"];
const pagesOf = (design) => readdirSync(design).filter((name) => name.endsWith(".html"));
const pages = designs.flatMap((design) => pagesOf(design).map((name) => `${design}/${name}`));

export default defineConfig({
  plugins: [react(), vue()],
  // the client is a linked folder, and would bring copies of its own
  resolve: { dedupe: ["axios", "react", "vue"] },
  build: { target: "es2022", rolldownOptions: { input: ["index.html", ...pages] } },
});
