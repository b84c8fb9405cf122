/**
 * "Download all" with Fastify 5.
 *
 *     npx tsx examples/downloads/fastify.ts ./albums     # PORT is 8080 unless set
 *     curl -OJ http://127.0.0.1:8080/holidays.zip        # the directory ./albums/holidays
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fastify } from "fastify";
import { sendZip } from "zipferry";

const [root = "."] = process.argv.slice(2);
// What there is, from the disk: a name that comes with a request is looked up, and never becomes a path by itself.
const found = await readdir(root, { withFileTypes: true });
const albums = new Set(found.filter((entry) => entry.isDirectory()).map(({ name }) => name));

const app = fastify({ logger: { level: "error" } });

app.get<{ Params: { album: string } }>("/:album.zip", async (request, reply) => {
	const { album } = request.params;
	if (!albums.has(album)) return reply.callNotFound();
	// Takes the reply over when it begins to answer; what fails before that is for the error handler.
	await sendZip(join(root, album), { filename: `${album}.zip`, request: request.raw, response: reply });
});

const address = await app.listen({ port: Number(process.env["PORT"] ?? 8080), host: "127.0.0.1" });
console.log(`${address}/NAME.zip gives ${join(root, "NAME")}; Ctrl-C ends it`);
