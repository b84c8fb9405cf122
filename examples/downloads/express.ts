/**
 * "Download all" with Express 5.
 *
 *     npx tsx examples/downloads/express.ts ./albums     # PORT is 8080 unless set
 *     curl -OJ http://127.0.0.1:8080/holidays.zip        # the directory ./albums/holidays
 */
import { readdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import compression from "compression";
import express from "express";
import { sendZip } from "zipferry";

const [root = "."] = process.argv.slice(2);
// What there is, from the disk: a name that comes with a request is looked up, and never becomes a path by itself.
const found = await readdir(root, { withFileTypes: true });
const albums = new Set(found.filter((entry) => entry.isDirectory()).map(({ name }) => name));

const app = express();
app.use(compression()); // for pages; archives go by it as they are, or they would lose their size and ranges

app.get("/:album.zip", async (request, response) => {
	const { album } = request.params;
	if (!albums.has(album)) return void response.sendStatus(404);
	// What it rejects with is for the error handler: to answer, or only to log if the connection was cut already.
	await sendZip(join(root, album), { filename: `${album}.zip`, request, response });
});

const server = app.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => {
	const { port } = server.address() as AddressInfo; // of a server on TCP
	console.log(`http://127.0.0.1:${port}/NAME.zip gives ${join(root, "NAME")}; Ctrl-C ends it`);
});
