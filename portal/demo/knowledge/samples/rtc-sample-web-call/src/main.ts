import { Call } from "./call";

function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element #${id}`);
  return found as T;
}

const enter = element<HTMLButtonElement>("enter");
const share = element<HTMLButtonElement>("share");
const leave = element<HTMLButtonElement>("leave");
const status = element("status");
const tiles = element("tiles");
const room = new URLSearchParams(location.search).get("room") ?? "demo";

const call = await Call.create({
  status: (text) => (status.textContent = text),
  added: (stream) => {
    const video = document.createElement("video");
    video.id = `stream-${stream.id}`;
    video.playsInline = true; // or Safari on iOS shows one black frame
    video.muted = true; // sound is played by the engine
    stream.attach(video);
    tiles.append(video);
  },
  removed: (stream) => document.getElementById(`stream-${stream.id}`)?.remove(),
  soundBlocked: (resume) => {
    status.textContent = "Click anywhere for sound";
    document.addEventListener("click", () => void resume(), { once: true });
  },
});

enter.onclick = async () => {
  enter.disabled = true;
  const joined = await call.join(room);
  enter.disabled = joined;
  share.disabled = leave.disabled = !joined;
};

share.onclick = async () => {
  share.textContent = (await call.toggleScreen()) ? "Stop sharing" : "Share screen";
};

leave.onclick = async () => {
  share.disabled = leave.disabled = true;
  await call.close();
};
