/**
 * "Download all" as a route handler of Next.js (App Router): save it as `app/albums/[album]/route.ts`. Next answers HEAD
 * with this handler, too. `next.config.js` needs `serverExternalPackages: ["zipferry"]`, as zipferry starts threads from files of its own.
 */
import { join } from "node:path";
import { zipResponse } from "zipferry";

export const runtime = "nodejs"; // it reads files; the edge runtime has none
export const dynamic = "force-dynamic"; // made for each request, never while the site is built

/** What may be downloaded: a name that comes with a request is looked up, and never becomes a path by itself. */
const ALBUMS = new Set(["holidays", "birthday"]);

export async function GET(
	request: Request,
	{ params }: { readonly params: Promise<{ readonly album: string }> },
): Promise<Response> {
	const { album } = await params;
	if (!ALBUMS.has(album)) return new Response("no such album\n", { status: 404 });
	const directory = join(process.env["ALBUMS"] ?? "albums", album);
	return zipResponse(directory, { filename: `${album}.zip`, request });
}
