import * as SecureStore from "expo-secure-store";
import { createSession } from "flask-renewal";

export const session = createSession({
  baseUrl: "https://api.example.com",
  transport: "body",
  storage: {
    get: (key) => SecureStore.getItemAsync(key),
    set: (key, value) => SecureStore.setItemAsync(key, value),
    remove: (key) => SecureStore.deleteItemAsync(key),
  },
});
