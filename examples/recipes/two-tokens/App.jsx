import { StrictMode, useState, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import { SignIn } from "../shared/SignIn.jsx";

const PATHS = ["/auth/me", "/auth/sessions", "/auth/me?again", "/auth/sessions?again", "/auth/me?once-more"];

const usePlace = () =>
  useSyncExternalStore(
    (changed) => {
      addEventListener("hashchange", changed);
      return () => removeEventListener("hashchange", changed);
    },
    () => location.hash,
  );

function App({ api, signIn, signOut }) {
  if (usePlace() !== "#/sign-in") return <Dashboard api={api} signOut={signOut} />;
  const submit = async (credentials) => {
    await signIn(credentials);
    location.hash = "#/";
  };
  return <SignIn signIn={submit} />;
}

function Dashboard({ api, signOut }) {
  const [said, setSaid] = useState("");

  async function load() {
    setSaid("…");
    try {
      const answers = await Promise.all(PATHS.map((path) => api.get(path)));
      setSaid(`${answers.length} answers for ${answers[0].data.user.username}`);
    } catch (error) {
      setSaid(`No answer: ${error.message}`);
    }
  }

  return (
    <>
      <h1>Dashboard</h1>
      <button onClick={load}>Load everything</button>
      <button onClick={signOut}>Sign out</button>
      <output>{said}</output>
    </>
  );
}

export const mount = (auth) =>
  createRoot(document.getElementById("app")).render(<StrictMode><App {...auth} /></StrictMode>);
