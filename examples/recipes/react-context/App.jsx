import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { SignIn } from "../shared/SignIn.jsx";
import { useAuth } from "./context.js";

function App() {
  const { signedIn, signIn } = useAuth();
  return signedIn ? <Profile /> : <SignIn signIn={signIn} />;
}

function Profile() {
  const { api, signOut } = useAuth();
  const [profile, setProfile] = useState(null);
  const fetchProfile = async () => setProfile((await api.get("/auth/me")).data);

  return (
    <>
      <h1>Profile</h1>
      <button onClick={() => fetchProfile().catch(() => {})}>Fetch my profile</button>
      <button onClick={signOut}>Log out</button>
      {profile && <output>{profile.user.username}, here since {profile.session.created_at}</output>}
    </>
  );
}

export const mount = ({ AuthProvider }) =>
  createRoot(document.getElementById("app")).render(
    <StrictMode>
      <AuthProvider>
        <App />
      </AuthProvider>
    </StrictMode>,
  );
