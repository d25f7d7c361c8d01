import { io } from "socket.io-client";

/** A WebSocket whose first message is the token. Where that is not taken, or no more, it begins anew with another one,
 * once; who cannot have one is signed out, and `session` says why. */
export async function openSocket(session, address, { opened, heard }, refused) {
  const token = await session.token(refused);
  if (!token) return;
  const socket = new WebSocket(address);
  let letIn = !refused;
  socket.onopen = () => socket.send(token);
  socket.onmessage = ({ data }) => {
    const { welcome, said, over } = JSON.parse(data);
    if (said) heard(said);
    if (welcome) {
      letIn = true;
      opened(socket);
    }
    if (over) {
      socket.close();
      if (letIn) openSocket(session, address, { opened, heard }, token);
    }
  };
}

/** The same over Socket.IO, which asks for a token whenever it connects, after a loss of the network too. */
export function connect(session, address) {
  let token;
  let refused;
  const auth = async (give) => {
    try {
      token = await session.token(refused);
      if (token) give({ token });
      else socket.disconnect();
    } catch {
      socket.io.engine.close(); // none can be had now, and Socket.IO comes back in a second
    }
  };
  const socket = io(address, { auth, forceNew: true });
  const again = () => {
    if (refused) return;
    refused = token;
    socket.connect();
  };
  socket.on("connect", () => (refused = undefined));
  socket.on("connect_error", ({ message }) => /^(token_|session_)/.test(message) && again());
  socket.on("disconnect", (reason) => reason === "io server disconnect" && again());
  return socket;
}
