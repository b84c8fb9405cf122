import { connect } from "node:net";

/** What came back on a connection, byte for byte, and how that ended. */
export interface RawExchange {
	readonly head: string;
	readonly body: Buffer;
	/** `"end"` in an orderly way, otherwise the code of the error. */
	readonly ended: string;
}

/** Sends the text of a request as it is, on a connection of its own, and reads until the server ends it. */
export async function rawExchange(url: string, lines: readonly string[]): Promise<RawExchange> {
	const { hostname, port } = new URL(url);
	const socket = connect(Number(port), hostname);
	socket.write(`${lines.join("\r\n")}\r\n\r\n`);
	const chunks: Buffer[] = [];
	const ended = await new Promise<string>((resolve) => {
		socket.on("data", (chunk: Buffer) => chunks.push(chunk));
		socket.on("error", (error: NodeJS.ErrnoException) => resolve(String(error.code)));
		socket.on("end", () => resolve("end"));
	});
	const all = Buffer.concat(chunks);
	const end = all.indexOf("\r\n\r\n");
	return { head: all.subarray(0, end).toString(), body: all.subarray(end + 4), ended };
}
