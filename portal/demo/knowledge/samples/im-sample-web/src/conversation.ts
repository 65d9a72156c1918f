import { IMError, type Conversation, type IMClient, type Message } from "@vigil/im/core";

/** One open conversation: its messages in order of seq, sending, paging back. */
export class OpenConversation {
  private bySeq = new Map<number, Message>();
  private complete = false;
  private stops: Array<() => void> = [];

  private constructor(
    private readonly conversation: Conversation,
    private readonly draw: (messages: Message[]) => void,
  ) {}

  static async open(
    im: IMClient,
    id: string,
    draw: (messages: Message[]) => void,
  ): Promise<OpenConversation> {
    const opened = new OpenConversation(await im.getConversation(id), draw);
    opened.stops.push(
      im.onMessage((message) => {
        if (message.conversationId === id) opened.merge([message]);
      }),
      im.onRecalled((event) => opened.drop(event.messageId)),
    );
    await opened.loadOlder();
    return opened;
  }

  async loadOlder(): Promise<void> {
    if (this.complete) return;
    const beforeSeq = Math.min(Number.MAX_SAFE_INTEGER, ...this.bySeq.keys());
    const page = await this.conversation.history({ beforeSeq, limit: 50 });
    this.complete = page.messages.length === 0 && page.complete;
    this.merge(page.messages);
  }

  /** Undefined if sent, else the code: 4030 moderation, 4205 muted, 4206 read only. */
  async send(text: string): Promise<number | undefined> {
    try {
      const sent = await this.conversation.sendMessage(
        { type: "text", text },
        { clientId: crypto.randomUUID(), retry: "auto" },
      );
      this.merge([sent]);
      return undefined;
    } catch (error) {
      if (error instanceof IMError) return error.code;
      throw error;
    }
  }

  /** Call when the newest message is visible and the tab is in front. */
  async seen(): Promise<void> {
    await this.conversation.markRead({ upTo: "maxSeq" });
  }

  close(): void {
    for (const stop of this.stops) stop();
  }

  // Merged by seq: after a reconnect the same message may come twice.
  private merge(messages: Message[]): void {
    for (const message of messages) this.bySeq.set(message.seq, message);
    this.show();
  }

  private drop(messageId: string): void {
    for (const [seq, message] of this.bySeq) {
      if (message.id === messageId) this.bySeq.delete(seq);
    }
    this.show();
  }

  private show(): void {
    this.draw([...this.bySeq.values()].sort((a, b) => a.seq - b.seq));
  }
}
