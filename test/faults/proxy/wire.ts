import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What happens to a connection below TLS, where nothing is known of requests. */
export interface WireFault {
	/**
	 * - `damage`: one byte arrives as another;
	 * - `cut`: the connection ends there, without the word that TLS has for it;
	 * - `silence`: from there on nothing passes;
	 * - `say`: these bytes in answer to the first that come, then the end.
	 */
	readonly type: "damage" | "cut" | "silence" | "say";
	readonly direction: "request" | "answer";
	/** Bytes of the direction that pass before it happens. */
	readonly after: number;
	readonly bytes?: Buffer;
	/** The first connections that get this far. @defaultValue all of them */
	readonly times?: number;
}

/** Passes on connections, byte for byte but for what is to happen to them. */
export class WireRelay {
	readonly #server: Server;
	readonly #target: number;
	readonly #faults: readonly WireFault[];
	readonly #counts = new Map<WireFault, number>();
	readonly #sockets = new Set<Socket>();

	private constructor(target: number, faults: readonly WireFault[]) {
		this.#target = target;
		this.#faults = faults;
		this.#server = createServer((client) => this.#relay(client));
	}

	/** @param target - Port on loopback, as is `port`: by default any. */
	static async start(target: number, faults: readonly WireFault[], port = 0): Promise<WireRelay> {
		const relay = new WireRelay(target, faults);
		relay.#server.listen(port, "127.0.0.1");
		await once(relay.#server, "listening");
		return relay;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port; // listens on TCP
	}

	/** Whether anything has happened to a connection. */
	get met(): boolean {
		return this.#counts.size > 0;
	}

	close(): void {
		this.#server.close();
		for (const socket of this.#sockets) socket.destroy();
	}

	#relay(client: Socket): void {
		const server = connect(this.#target, "127.0.0.1");
		for (const [socket, other] of [
			[client, server],
			[server, client],
		] as const) {
			this.#sockets.add(socket);
			socket.on("error", () => {}); // either side goes away
			socket.once("end", () => other.end());
			socket.once("close", () => {
				this.#sockets.delete(socket);
				other.destroySoon();
			});
		}
		this.#pass(client, server, "request");
		this.#pass(server, client, "answer");
	}

	#pass(from: Socket, to: Socket, direction: WireFault["direction"]): void {
		let passed = 0;
		let silent = false;
		from.on("data", (chunk: Buffer) => {
			const fault = this.#faultIn(direction, passed, chunk.byteLength);
			const at = (fault?.after ?? 0) - passed;
			passed += chunk.byteLength;
			if (silent) return;
			if (fault === undefined) return void to.write(chunk);
			switch (fault.type) {
				case "damage":
					to.write(Buffer.from(chunk).fill((chunk[at] ?? 0) ^ 1, at, at + 1));
					break;
				case "cut":
					to.end(chunk.subarray(0, at));
					from.destroy();
					break;
				case "silence":
					silent = true;
					to.write(chunk.subarray(0, at));
					break;
				case "say":
					from.end(fault.bytes ?? "");
					break;
				default:
					fault.type satisfies never;
			}
		});
	}

	/** The fault that is due within the next bytes. */
	#faultIn(direction: WireFault["direction"], passed: number, size: number): WireFault | undefined {
		for (const fault of this.#faults) {
			const { after, times = Number.POSITIVE_INFINITY } = fault;
			const count = this.#counts.get(fault) ?? 0;
			if (fault.direction !== direction || count >= times) continue;
			if (after < passed || after >= passed + size) continue;
			this.#counts.set(fault, count + 1);
			return fault;
		}
		return undefined;
	}
}
