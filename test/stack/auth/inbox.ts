/** A mail that auth has sent. */
export interface Mail {
	to: string;
	subject: string;
	text?: string;
	html?: string;
	sentAt: string;
	/** What it is for, such as `signup` or `recovery`. */
	type?: string;
	/** The six digits in it. */
	code?: string;
	/** The link in it. */
	link?: string;
}

/** A text message that auth has sent. */
export interface TextMessage {
	/** The number, without `+`. */
	to: string;
	channel: 'sms' | 'whatsapp';
	text: string;
	code: string;
	sentAt: string;
}

/** Everything that auth has sent, newest last: nothing leaves the stack. */
export class Inbox {
	mails: Mail[] = [];
	messages: TextMessage[] = [];

	/** Keeps what a request sent, once it is known to have succeeded. */
	add(outbox: Outbox): void {
		for (const mail of outbox.mails) this.mails.push(mail);
		for (const message of outbox.messages) this.messages.push(message);
	}

	clear(): void {
		this.mails = [];
		this.messages = [];
	}
}

/** What one request sends. */
export interface Outbox {
	mails: Mail[];
	messages: TextMessage[];
}
