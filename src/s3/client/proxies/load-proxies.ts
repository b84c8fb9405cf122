import type { S3ClientResolvedConfig } from "@aws-sdk/client-s3";
import type { AgentOptions, ShakingAgent } from "../shaking-agent.ts";
import type { ProxyFor } from "./proxies.ts";

type Handler = S3ClientResolvedConfig["requestHandler"];

/** What makes requests go through proxies. */
export interface Proxies {
	readonly proxyFor: ProxyFor;
	/** The agent of requests with TLS. */
	makeAgent(options: AgentOptions, timeoutMs: number): ShakingAgent;
	/** A request handler that sends the others. */
	through(handler: Handler): Handler;
}

const VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];

/** Loads what it takes where a variable names a proxy; `undefined` where none does. */
export async function loadProxies(environment: NodeJS.ProcessEnv): Promise<Proxies | undefined> {
	if (!VARIABLES.some((name) => environment[name] || environment[name.toLowerCase()])) return undefined;
	const [{ proxiesOf }, { TunnelAgent }, { throughProxy }] = await Promise.all([
		import("./proxies.ts"),
		import("./tunnel-agent.ts"),
		import("./through-proxy.ts"),
	]);
	const proxyFor = proxiesOf(environment);
	return {
		proxyFor,
		makeAgent: (options, timeoutMs) => new TunnelAgent(options, timeoutMs, proxyFor),
		through: (handler) => throughProxy(handler, proxyFor),
	};
}
