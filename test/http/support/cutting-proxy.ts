import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/** Passes connections on, and cuts each after a number of bytes of the answer. */
export interface CuttingProxy {
	readonly url: string;
	/** Connections that were cut. */
	readonly cutCount: number;
	close(): Promise<void>;
}

/** @param limits - Bytes for each connection, in order; those after the last are not cut. */
export async function startCuttingProxy(port: number, limits: readonly number[]): Promise<CuttingProxy> {
	const left = [...limits];
	let cutCount = 0;
	const server = createServer((client) => {
		const limit = left.shift() ?? Number.POSITIVE_INFINITY;
		let passed = 0;
		const upstream = connect(port, "127.0.0.1");
		const end = () => {
			client.destroy();
			upstream.destroy();
		};
		client.on("error", end).on("close", end).pipe(upstream);
		upstream.on("error", end).on("close", end);
		upstream.on("data", (chunk: Buffer) => {
			const rest = limit - passed;
			passed += chunk.byteLength;
			if (chunk.byteLength < rest) {
				if (!client.write(chunk)) {
					upstream.pause();
					client.once("drain", () => upstream.resume());
				}
				return;
			}
			cutCount += 1;
			upstream.destroy();
			client.end(chunk.subarray(0, rest)); // what was passed arrives
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // listens on TCP
		get cutCount() {
			return cutCount;
		},
		async close() {
			const closed = once(server, "close");
			server.close();
			await closed;
		},
	};
}
