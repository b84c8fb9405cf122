import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that was passed on, and what came back. */
interface WatchedRequest {
	readonly target: string;
	readonly range: string | undefined;
	readonly ifRange: string | undefined;
	/** `undefined` if the server did not answer. */
	status: number | undefined;
	/** The part that was sent, as the server names it. */
	contentRange: string | undefined;
}

/** Where answers are cut off. */
export interface Cuts {
	/** Bytes of the body after which each answer with an archive is cut off, in order; those after the last are not cut. */
	readonly limits: readonly number[];
	/** Called when a limit is reached; the client sees nothing of it before it resolves. */
	readonly beforeCut?: () => Promise<void>;
}

/** Passes requests on to a server on this machine that may come and go, and notes them. */
export interface WatchedProxy {
	readonly url: string;
	/** Requests for archives. */
	readonly archives: readonly WatchedRequest[];
	close(): Promise<void>;
}

export async function startWatchedProxy(
	port: number,
	{ limits, beforeCut = async () => {} }: Cuts,
): Promise<WatchedProxy> {
	const left = [...limits];
	const archives: WatchedRequest[] = [];
	const server = createServer((asked, response) => {
		const { url: target = "", headers } = asked;
		const isArchive = target.includes("?zip");
		const noted: WatchedRequest = {
			...{ target, range: headers.range, status: undefined, contentRange: undefined },
			ifRange: typeof headers["if-range"] === "string" ? headers["if-range"] : undefined,
		};
		if (isArchive) archives.push(noted);
		const passed = request({ host: "127.0.0.1", port, path: target, headers, agent: false });
		passed.on("error", () => response.destroy());
		passed.on("response", (answer) => {
			noted.status = answer.statusCode;
			noted.contentRange = answer.headers["content-range"];
			response.writeHead(answer.statusCode ?? 0, answer.headers);
			const limit = isArchive ? left.shift() : undefined;
			pass(answer, response, limit, beforeCut).catch(() => response.destroy());
		});
		passed.end();
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, // listens on TCP
		archives,
		async close() {
			const closed = once(server, "close");
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

async function pass(
	answer: IncomingMessage,
	response: ServerResponse,
	limit = Number.POSITIVE_INFINITY,
	beforeCut: () => Promise<void>,
): Promise<void> {
	let rest = limit;
	for await (const chunk of answer as AsyncIterable<Buffer>) {
		const sent = chunk.subarray(0, rest);
		rest -= sent.byteLength;
		await new Promise<void>((resolve, reject) => {
			response.write(sent, (error) => (error ? reject(error) : resolve()));
		});
		if (rest > 0) continue;
		await beforeCut();
		response.destroy();
		return;
	}
	response.end();
}
