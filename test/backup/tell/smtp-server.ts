import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createSecureServer } from "node:tls";

/** A mail that came in. */
export interface ReceivedMail {
	readonly from: string;
	readonly to: readonly string[];
	/** Headers and text. */
	readonly data: string;
}

export interface SmtpOptions {
	/** What a command is answered with, such as `MAIL: "451 later"`; `undefined` for no answer at all. */
	readonly answers?: Readonly<Record<string, string | undefined>>;
	/** Says nothing when somebody connects. */
	readonly silent?: boolean;
	readonly tls?: { readonly key: Buffer; readonly cert: Buffer };
}

/** As little of an SMTP server as it takes to get a mail from somebody. */
export class SmtpServer {
	readonly mails: ReceivedMail[] = [];
	/** First words of the commands, in order. */
	readonly commands: string[] = [];
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();

	private constructor({ answers = {}, silent = false, tls }: SmtpOptions) {
		const serve = (socket: Socket): void => {
			this.#sockets.add(socket);
			socket.on("error", () => {});
			socket.once("close", () => this.#sockets.delete(socket));
			if (!silent) this.#talk(socket, answers);
		};
		this.#server = tls === undefined ? createServer(serve) : createSecureServer(tls, serve);
	}

	static async start(options: SmtpOptions = {}): Promise<SmtpServer> {
		const server = new SmtpServer(options);
		server.#server.listen(0, "127.0.0.1");
		await once(server.#server, "listening");
		return server;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	get connectionCount(): number {
		return this.#sockets.size;
	}

	async close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		this.#server.close();
		await once(this.#server, "close");
	}

	#talk(socket: Socket, answers: Readonly<Record<string, string | undefined>>): void {
		let [from, to]: [string, string[]] = ["", []];
		let pending = "";
		let inData = false;
		const say = (line: string): void => void socket.write(`${line}\r\n`);
		say("220 test");
		socket.setEncoding("utf8");
		socket.on("data", (chunk: string) => {
			pending += chunk;
			for (;;) {
				const mark = inData ? "\r\n.\r\n" : "\r\n";
				const end = pending.indexOf(mark);
				if (end < 0) return;
				const text = pending.slice(0, end);
				pending = pending.slice(end + mark.length);
				if (inData) {
					inData = false;
					this.mails.push({ from, to, data: text });
					say("250 taken");
					continue;
				}
				const [command = ""] = text.toUpperCase().split(" ");
				this.commands.push(command);
				if (command in answers) {
					const answer = answers[command];
					if (answer !== undefined) say(answer);
					continue;
				}
				const address = /<(.*)>/.exec(text)?.[1] ?? "";
				if (command === "MAIL") [from, to] = [address, []];
				if (command === "RCPT") to = [...to, address];
				inData = command === "DATA";
				if (command === "EHLO") say("250-test\r\n250 AUTH PLAIN");
				else say(inData ? "354 go on" : command === "AUTH" ? "235 welcome" : "250 ok");
				if (command === "QUIT") socket.end();
			}
		});
	}
}
