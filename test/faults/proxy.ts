import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TlsOptions } from "node:tls";
import type { S3Client } from "@aws-sdk/client-s3";
import { contractClient } from "../s3/contract-bucket.ts";
import { counted } from "./proxy/body.ts";
import { Downstream } from "./proxy/downstream.ts";
import { carryOut } from "./proxy/exchange.ts";
import type { Fault } from "./proxy/fault.ts";
import { type Operation, readRequest } from "./proxy/operation.ts";
import { Plan, type Rule } from "./proxy/plan.ts";
import type { SigningIdentity } from "./proxy/sign-again.ts";
import { Upstream } from "./proxy/upstream.ts";

export interface FaultProxyOptions extends SigningIdentity {
	/** The server behind it, by http; its buckets are in the path. */
	readonly endpoint: string;
	readonly rules?: readonly Rule[];
	/** Of the rules with a probability. */
	readonly seed?: number;
	/** Speaks TLS to clients, with this certificate. */
	readonly tls?: Pick<TlsOptions, "cert" | "key" | "minVersion" | "maxVersion" | "ciphers">;
}

/** A request that came in, and what was done to it. */
export interface Passed {
	readonly operation: Operation;
	readonly key: string;
	readonly partNumber: number | undefined;
	readonly versionId: string | undefined;
	readonly fault: Fault["type"] | undefined;
	/** Bytes of its body that went through so far. */
	readonly bytes: number;
	/** Milliseconds since the process began. */
	readonly at: number;
}

/**
 * Stands between a client and an S3 server on the loopback interface and does to requests and answers what
 * networks, gateways and servers do on a bad day, by a plan that is the same every time.
 *
 * Requests go on byte for byte, with the host name that the client has signed.
 */
export class FaultProxy {
	readonly #server: Server;
	readonly #upstream: Upstream;
	#plan: Plan;
	readonly #identity: SigningIdentity;
	readonly #client: S3Client;
	readonly #scheme: string;
	/** Connections, below TLS, by the port of the client. */
	readonly #wires = new Map<number, Socket>();
	readonly #passed: Passed[] = [];
	readonly #watchers = new Set<(request: Passed) => void>();

	private constructor({ endpoint, rules = [], seed = 1, tls, region, credentials }: FaultProxyOptions) {
		this.#upstream = new Upstream(endpoint);
		this.#plan = new Plan(rules, seed);
		this.#identity = { region, credentials };
		this.#client = contractClient({ endpoint, region, credentials });
		this.#scheme = tls === undefined ? "http" : "https";
		const settings = { requestTimeout: 0, keepAliveTimeout: 60_000 };
		this.#server = tls === undefined ? createServer(settings) : createTlsServer({ ...settings, ...tls });
		this.#server.on("request", (request, response) => void this.#serve(request, response));
		this.#server.on("connection", (socket: Socket) => {
			const { remotePort = 0 } = socket;
			this.#wires.set(remotePort, socket);
			socket.on("error", () => {}); // clients go away
			socket.once("close", () => this.#wires.delete(remotePort));
		});
		this.#server.on("tlsClientError", () => {}); // they go away during the handshake as well
	}

	static async start(options: FaultProxyOptions): Promise<FaultProxy> {
		const proxy = new FaultProxy(options);
		proxy.#server.listen(0, "127.0.0.1");
		await once(proxy.#server, "listening");
		return proxy;
	}

	get endpoint(): string {
		// A server that listens on TCP has an address with a port.
		const { port } = this.#server.address() as AddressInfo;
		return `${this.#scheme}://127.0.0.1:${port}`;
	}

	/** What came in so far, oldest first. */
	get passed(): readonly Passed[] {
		return this.#passed;
	}

	/** Resolves when the next request like that comes in. */
	reached(operation: Operation, partNumber?: number): Promise<void> {
		return new Promise((resolve) => {
			const watch = (request: Passed) => {
				if (request.operation !== operation) return;
				if (partNumber !== undefined && request.partNumber !== partNumber) return;
				this.#watchers.delete(watch);
				resolve();
			};
			this.#watchers.add(watch);
		});
	}

	/** From now on all requests go on as they are. */
	stopFaults(): void {
		this.#plan = new Plan([], 1);
	}

	/** Ends all connections, whatever they are doing. */
	close(): void {
		this.#server.close();
		for (const socket of this.#wires.values()) socket.destroy();
		this.#upstream.close();
		this.#client.destroy();
	}

	async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
		const { method = "", url = "/", rawHeaders, headers } = message;
		const request = readRequest(method, url);
		const fault = this.#plan.next(request);
		const { operation, key, partNumber, versionId } = request;
		const at = performance.now();
		const passed = { operation, key, partNumber, versionId, fault: fault?.type, bytes: 0, at };
		this.#passed.push(passed);
		for (const watch of [...this.#watchers]) watch(passed);
		const wire = this.#wires.get(message.socket.remotePort ?? 0) ?? message.socket;
		const downstream = new Downstream(message, response, wire);
		const count = (size: number) => {
			passed.bytes += size;
		};
		const forwarded = { method, path: url, rawHeaders, body: counted(downstream.body, count) };
		const bodySize = Number(headers["content-length"] ?? 0);
		try {
			const [upstream, identity, server] = [this.#upstream, this.#identity, this.#client];
			await carryOut({ request, forwarded, bodySize, downstream, upstream, identity, server }, fault);
		} catch {
			downstream.destroy(); // one of the two sides has gone
		}
	}
}
