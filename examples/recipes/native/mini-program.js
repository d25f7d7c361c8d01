import { createSession } from "flask-renewal";
import { wxFetch, wxStorage } from "./wx.js";

export const session = createSession({
  baseUrl: "https://api.example.com",
  transport: "body",
  storage: wxStorage,
  fetch: wxFetch,
});
