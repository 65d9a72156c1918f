import { Rtc, RtcError, type Room, type RtcEngine, type RtcStream, type ScreenStream } from "@vigil/rtc";

import { fetchToken } from "./token";

export interface CallEvents {
  status(text: string): void;
  added(stream: RtcStream): void;
  removed(stream: RtcStream): void;
  soundBlocked(resume: () => Promise<void>): void;
}

/** One call on one page. Call `join` in a click handler, or the browser keeps it silent. */
export class Call {
  private room: Room | null = null;
  private screen: ScreenStream | null = null;
  private readonly stop: Array<() => void>;

  private constructor(
    private readonly engine: RtcEngine,
    private readonly events: CallEvents,
  ) {
    this.stop = [
      engine.onTokenWillExpire(async (room) => engine.renewToken(room, await fetchToken(room))),
      engine.onStreamAdded((stream) => {
        if (stream.kind === "audio") return; // audio is received by default
        stream.room.subscribe(stream.id, { layer: stream.kind === "screen" ? "high" : "low" });
        events.added(stream);
      }),
      engine.onStreamRemoved((stream) => events.removed(stream)),
      engine.onStats((stats) => {
        events.status(stats.concealPct > 10 || stats.rttMs > 400 ? "Weak network" : "");
      }),
      engine.onAutoplayBlocked(() => events.soundBlocked(() => engine.resumeAudio())),
    ];
  }

  static async create(events: CallEvents): Promise<Call> {
    return new Call(await Rtc.create({ appId: "8841", region: "eu-west" }), events);
  }

  async join(roomId: string): Promise<boolean> {
    await this.engine.resumeAudio(); // first: the click counts only until the next pause
    try {
      this.room = await this.engine.join(await fetchToken(roomId), { publishAudio: true });
      return true;
    } catch (error) {
      this.events.status(explain(error));
      return false;
    }
  }

  async toggleScreen(): Promise<boolean> {
    if (this.room === null) return false;
    if (this.screen !== null) {
      await this.room.unpublish({ screen: true });
      this.screen = null;
      return false;
    }
    try {
      this.screen = await this.room.publishScreen({ systemAudio: true, contentHint: "detail", maxFps: 15 });
      this.screen.onEnded(() => (this.screen = null)); // the browser's own "Stop sharing"
    } catch (error) {
      const cancelled = error instanceof RtcError && error.code === 6301;
      if (!cancelled) this.events.status(explain(error));
    }
    return this.screen !== null;
  }

  async close(): Promise<void> {
    this.stop.forEach((unsubscribe) => unsubscribe());
    if (this.room !== null) await this.engine.leave(this.room);
    await this.engine.destroy(); // without await the next create fails with 1003
  }
}

function explain(error: unknown): string {
  if (!(error instanceof RtcError)) return String(error);
  switch (error.code) {
    case 1101:
    case 1102:
    case 1104:
      return `Please sign in again (${error.code})`;
    case 2003:
    case 2105:
      return `No connection to the call (${error.code})`;
    case 6040:
      return "The room is full";
    case 6120:
      return "The microphone is blocked in this browser";
    default:
      return `The call could not be joined (${error.code})`;
  }
}
