import { useState } from "react";

export function SignIn({ signIn, children }) {
  const [problem, setProblem] = useState("");

  async function submit(event) {
    event.preventDefault();
    try {
      await signIn(Object.fromEntries(new FormData(event.target)));
    } catch (error) {
      setProblem(error.response?.data.detail ?? error.message);
    }
  }

  return (
    <form onSubmit={submit}>
      <h1>Sign in</h1>
      <label>User name <input name="username" autoComplete="username" required /></label>
      <label>Password <input name="password" type="password" autoComplete="current-password" required /></label>
      {children}
      <button>Sign in</button>
      <p role="alert">{problem}</p>
    </form>
  );
}
