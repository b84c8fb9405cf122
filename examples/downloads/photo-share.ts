/**
 * A photo share: whoever has the link to an album sees its page, and downloads all of it as one ZIP. A download that breaks off
 * can be resumed, also after the server was started again.
 *
 *     npx tsx examples/downloads/photo-share.ts shares.json            # PORT is 8080 unless set
 *
 * The file has the shares by the secret parts of their links. An album is a directory, or what is below a prefix of a bucket:
 *
 *     { "k3v9tq7xw2": { "title": "Ferien in Österreich 🏔", "album": "./albums/austria", "until": "2027-01-31" },
 *       "m8c4hz6rya": { "title": "Wedding", "album": "s3://my-bucket/albums/wedding/" } }
 *
 * CRC_CACHE is the file that remembers checksums; unless set, one in the directory for temporary files.
 */
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { html } from "hono/html";
import { describeDownload, openCrcCache, zipResponse } from "zipferry";

interface Share {
	readonly title: string;
	readonly album: string;
	readonly until?: string;
}

const [sharesFile = "shares.json"] = process.argv.slice(2);
const { PORT = "8080", CRC_CACHE = join(tmpdir(), "photo-share-crc32") } = process.env;

// Without it, a download that is resumed after a restart would have to read the whole album for its checksums.
const crcCache = await openCrcCache(CRC_CACHE);

/** Whether this link may see something. Asked on each request, so that a share which is taken back ends at once. */
async function shareOf(secret: string): Promise<Share | undefined> {
	const shares: Record<string, Share> = JSON.parse(await readFile(sharesFile, "utf8"));
	const share = Object.hasOwn(shares, secret) ? shares[secret] : undefined;
	const isOver = share?.until !== undefined && Date.now() > Date.parse(share.until);
	return isOver ? undefined : share;
}

const app = new Hono();

app.get("/:secret", async (context) => {
	const share = await shareOf(context.req.param("secret"));
	if (share === undefined) return context.notFound();
	const { size = 0, version = "" } = await describeDownload(share.album, { crcCache });
	context.header("Referrer-Policy", "no-referrer"); // the address is the key
	return context.html(html`<!doctype html>
<html>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${share.title}</title></head>
<body>
<h1>${share.title}</h1>
<p><a href="/${context.req.param("secret")}/download?v=${version}">Download all</a> (${(size / 1e6).toFixed(1)} MB)</p>
</body>
</html>`);
});

app.get("/:secret/download", async (context) => {
	// First who it is, then anything else: each range of a resumed download is a request of its own.
	const share = await shareOf(context.req.param("secret"));
	if (share === undefined) return context.notFound();
	return zipResponse(share.album, {
		filename: `${share.title.replaceAll("/", "-")}.zip`,
		request: context.req.raw,
		// `curl -C -` does not ask whether it is still the same album. An old link is told so with 412, instead of a mix.
		version: context.req.query("v"),
		crcCache,
		onError: (error) => console.error(`${share.title}: the download broke off:`, error),
	});
});

const server = serve({ fetch: app.fetch, port: Number(PORT), hostname: "127.0.0.1" }, ({ port }) => {
	console.log(`http://127.0.0.1:${port}/SECRET shows a share of ${sharesFile}; Ctrl-C ends it`);
});

process.once("SIGINT", stop).once("SIGTERM", stop);
function stop(): void {
	server.close();
	void crcCache.close(); // writes down what it has learned
}
