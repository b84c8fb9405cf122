import type { ClientRequest } from "node:http";
import type { RequestOptions } from "node:https";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { type AgentOptions, ShakingAgent } from "../shaking-agent.ts";
import { openTunnel } from "./open-tunnel.ts";
import type { ProxyFor } from "./proxies.ts";

/** Makes its connections through the proxy that there is for a host: TLS is with the host, the proxy sees none of it. */
export class TunnelAgent extends ShakingAgent {
	readonly #proxyFor: ProxyFor;
	readonly #timeoutMs: number;
	readonly #ca: AgentOptions["ca"];
	/** Requests to proxies that have not connected yet. */
	readonly #opening = new Set<ClientRequest>();

	/** @param timeoutMs - Milliseconds for the tunnel, and again for the handshake. */
	constructor(options: AgentOptions, timeoutMs: number, proxyFor: ProxyFor) {
		super(options, timeoutMs);
		this.#proxyFor = proxyFor;
		this.#timeoutMs = timeoutMs;
		this.#ca = options.ca;
	}

	override createConnection(
		options: RequestOptions,
		callback?: (error: Error | null, stream: Duplex) => void,
	): Duplex | null | undefined {
		const host = options.host ?? "";
		const port = Number(options.port ?? 443);
		// The types of Node forget that there is no stream with an error.
		const told = callback as ((error: Error | null, stream?: Duplex | null) => void) | undefined;
		let proxy: ReturnType<ProxyFor>;
		try {
			proxy = this.#proxyFor({ protocol: "https:", hostname: host, port });
		} catch (error) {
			process.nextTick(() => told?.(error as Error));
			return undefined;
		}
		// By itself it is that of the header `Host`, which is another one where the proxy is spoken to.
		const named = { ...options, servername: isIP(host) === 0 ? host : "" };
		if (proxy === undefined) return super.createConnection(named, callback);
		const settings = { timeoutMs: this.#timeoutMs, ca: this.#ca };
		const request = openTunnel(proxy, host, port, settings, (error, socket) => {
			this.#opening.delete(request);
			if (error !== undefined) told?.(error);
			else told?.(null, super.createConnection({ ...named, socket } as RequestOptions));
		});
		this.#opening.add(request);
		return undefined;
	}

	override destroy(): void {
		for (const request of this.#opening) request.destroy();
		super.destroy();
	}
}
