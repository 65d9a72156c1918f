import { IM, type IMClient, type KickReason } from "@vigil/im/core";

export type Listener = (state: SessionState) => void;

export type SessionState =
  | { kind: "signed-out" }
  | { kind: "signed-in"; userId: string; connection: string }
  | { kind: "kicked"; reason: KickReason };

/** Signed in or not, for the whole page. Call stop() before you make another one. */
export class Session {
  private userId: string | undefined;
  private listeners = new Set<Listener>();

  private constructor(
    readonly im: IMClient,
    private readonly fetchToken: (userId: string) => Promise<string>,
  ) {}

  static async create(
    appId: string,
    fetchToken: (userId: string) => Promise<string>,
  ): Promise<Session> {
    const im = await IM.create({
      appId,
      transports: ["websocket", "longpoll"],
      fallbackAfterMs: 4000,
    });
    const session = new Session(im, fetchToken);
    im.onTokenWillExpire(() => session.renew());
    im.onKickedOffline((reason) => session.kicked(reason));
    im.onConnectFailed((code) => {
      if (code === 1109) session.kicked("other-device");
    });
    im.onStateChanged((connection) => {
      if (session.userId) {
        session.tell({ kind: "signed-in", userId: session.userId, connection });
      }
    });
    return session;
  }

  async signIn(userId: string): Promise<void> {
    await this.im.login(userId, await this.fetchToken(userId));
    this.userId = userId;
    this.tell({ kind: "signed-in", userId, connection: "connected" });
  }

  /** Wait for it: a sign-in before the end of destroy() fails with 1003. */
  async stop(): Promise<void> {
    this.userId = undefined;
    this.tell({ kind: "signed-out" });
    await this.im.destroy();
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async renew(): Promise<void> {
    if (!this.userId) return;
    await this.im.renewToken(await this.fetchToken(this.userId));
  }

  private kicked(reason: KickReason): void {
    this.userId = undefined;
    this.tell({ kind: "kicked", reason });
  }

  private tell(state: SessionState): void {
    for (const listener of this.listeners) listener(state);
  }
}
