import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { SignIn } from "../shared/SignIn.jsx";

const WHY = {
  session_ended: "This device was signed out from elsewhere.",
  device_mismatch: "This sign-in belongs to another device.",
  refresh_token_reused: "This sign-in was used twice; sign in again.",
};

function App({ api, useAuth, signIn, signOut }) {
  const { signedIn, reason } = useAuth();
  if (signedIn) return <Devices api={api} signOut={signOut} />;
  return (
    <>
      <p role="status">{WHY[reason]}</p>
      <SignIn signIn={signIn}>
        <label>Name of this device <input name="device" required /></label>
      </SignIn>
    </>
  );
}

function Devices({ api, signOut }) {
  const [sessions, setSessions] = useState([]);
  const load = async () => setSessions((await api.get("/auth/sessions")).data.sessions);
  const end = async (id) => {
    await api.delete(`/auth/sessions/${id}`);
    await load();
  };
  const quietly = (task) => () => task().catch(() => {}); // a refusal shows the sign-in form

  return (
    <>
      <h1>Your devices</h1>
      <button onClick={quietly(load)}>Show devices</button>
      <button onClick={quietly(signOut)}>Sign out</button>
      <ul>
        {sessions.map(({ id, device, current }) => (
          <li key={id}>
            {device} {current ? "(this one)" : <button onClick={quietly(() => end(id))}>End {device}</button>}
          </li>
        ))}
      </ul>
    </>
  );
}

export const mount = (auth) =>
  createRoot(document.getElementById("app")).render(<StrictMode><App {...auth} /></StrictMode>);
