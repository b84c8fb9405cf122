import { spawn } from "node:child_process";
import { once } from "node:events";
import { fstatSync } from "node:fs";
import { createServer } from "node:http";

/** The folder that is offered. */
export const [folder] = process.argv.slice(2);

/** Answers one download with `answer(request, response)`: curl fetches it, and writes it to stdout. */
export async function serveOnce(answer) {
	const server = createServer(answer).listen(0, "127.0.0.1");
	await once(server, "listening");
	const url = `http://127.0.0.1:${server.address().port}/archive.zip`;
	// Where the bytes are counted, Node may have made stdout one that does not wait, which curl cannot write to.
	const isCounted = !fstatSync(1).isCharacterDevice();
	const stdio = ["ignore", isCounted ? "pipe" : "inherit", "inherit"];
	const curl = spawn("curl", ["--fail", "--silent", "--show-error", url], { stdio });
	curl.stdout?.pipe(process.stdout);
	const [status] = await once(curl, "close");
	process.exitCode = status ?? 1;
	server.closeAllConnections();
	server.close();
}
