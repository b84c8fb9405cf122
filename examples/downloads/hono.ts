/**
 * "Download all" with Hono on Node.js; any other handler that returns a `Response` is the same.
 *
 *     npx tsx examples/downloads/hono.ts ./albums        # PORT is 8080 unless set
 *     curl -OJ http://127.0.0.1:8080/holidays.zip        # the directory ./albums/holidays
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { zipResponse } from "zipferry";

const [root = "."] = process.argv.slice(2);
// What there is, from the disk: a name that comes with a request is looked up, and never becomes a path by itself.
const found = await readdir(root, { withFileTypes: true });
const albums = new Set(found.filter((entry) => entry.isDirectory()).map(({ name }) => name));

const app = new Hono();
app.use(compress()); // for pages; archives go by it as they are, or they would lose their size and ranges

app.get("/:file{.+\\.zip}", async (context) => {
	const album = context.req.param("file").slice(0, -".zip".length);
	if (!albums.has(album)) return context.notFound();
	return zipResponse(join(root, album), { filename: `${album}.zip`, request: context.req.raw });
});

serve({ fetch: app.fetch, port: Number(process.env["PORT"] ?? 8080), hostname: "127.0.0.1" }, ({ port }) => {
	console.log(`http://127.0.0.1:${port}/NAME.zip gives ${join(root, "NAME")}; Ctrl-C ends it`);
});
