// Buttons that ask the device for a passkey: begin, let the device answer, send what it says, go on.

async function post(address, body = {}) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`That did not work (${answer.status}).`);
  return answer.json();
}

const ask = {
  make: async (options) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  use: async (options) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

for (const button of document.querySelectorAll("[data-passkey]")) {
  button.hidden = !("PublicKeyCredential" in window);
  button.addEventListener("click", async () => {
    try {
      const { passkey, begin, end } = button.dataset;
      const credential = await ask[passkey](await post(begin));
      location.assign((await post(end, credential.toJSON())).next);
    } catch (error) {
      document.querySelector("[role=alert]:empty").textContent = error.message;
    }
  });
}
