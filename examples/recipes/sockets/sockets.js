import { io } from "socket.io-client";

/** A WebSocket whose first message is the token. Where that is not taken, or no more, it begins anew with another one;
 * who cannot have one is signed out, and `session` says why. */
export async function openSocket(session, address, { opened, heard }, refused) {
  const token = await session.token(refused);
  if (!token) return;
  const socket = new WebSocket(address);
  socket.onopen = () => {
    socket.send(token);
    opened(socket);
  };
  socket.onmessage = ({ data }) => {
    const { over, said } = JSON.parse(data);
    if (!over) return heard(said);
    socket.close();
    openSocket(session, address, { opened, heard }, token);
  };
}

/** The same over Socket.IO. */
export function connect(session, address) {
  let token;
  let refused;
  const auth = async (give) => {
    token = await session.token(refused);
    if (token) give({ token });
    else socket.disconnect();
  };
  const socket = io(address, { auth, forceNew: true });
  const again = () => {
    refused = token;
    socket.connect();
  };
  socket.on("connect_error", ({ message }) => /^(token_|session_)/.test(message) && again());
  socket.on("disconnect", (reason) => reason === "io server disconnect" && again());
  return socket;
}
