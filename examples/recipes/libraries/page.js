/** A page without a framework: sign in, and ask three things at once. */
export function mount({ signIn, ask }) {
  document.getElementById("app").innerHTML = `
    <form>
      <label>User name <input name="username" autocomplete="username" required></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
      <button>Sign in</button>
    </form>
    <button id="ask" type="button">Ask three things</button>
    <output></output>`;
  const say = (words) => (document.querySelector("output").textContent = words);
  const refused = (error) => say(`Refused: ${error.message}`);

  document.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const credentials = Object.fromEntries(new FormData(event.target));
    signIn(credentials).then(() => say("Signed in"), refused);
  });
  document.getElementById("ask").addEventListener("click", () => {
    say("…");
    const paths = ["/auth/me", "/auth/me?again", "/auth/me?once-more"];
    Promise.all(paths.map(ask)).then(
      (answers) => say(`${answers.length} answers for ${answers[0].user.username}`),
      refused,
    );
  });
}
