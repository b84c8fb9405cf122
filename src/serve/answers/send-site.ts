import type { ServerResponse } from "node:http";
import { textOf } from "../../sources/files/place.ts";
import { folderPage } from "../pages/folder-page.ts";
import { encodeName, type ServedTarget } from "../request/served-target.ts";
import { ArchiveOffers } from "./archive-offers.ts";
import { sendArchive } from "./send-archive.ts";
import { refuse } from "./send-failure.ts";
import { sendFile } from "./send-file.ts";
import { sendPage } from "./send-page.ts";
import type { SiteParts, SiteRequest } from "./site-request.ts";

/** Sends a page, an archive or a file. */
export async function sendSite(asked: SiteRequest, parts: SiteParts): Promise<void> {
	const { request, response, target, found, signal } = asked;
	const { path } = target;
	if (found !== "folder")
		return sendFile({ request, response, name: textOf(path.at(-1) ?? ""), content: found, signal });
	if (target.zip) return sendArchive(asked, parts);
	const listing = await parts.tree.list(path, signal);
	if (listing === undefined) return refuse(response, 404);
	const offers = new ArchiveOffers(parts, signal);
	try {
		const facts = {
			...{ title: parts.tree.title, path, items: listing.items() },
			offer: (name?: string) => offers.offer(name === undefined ? path : [...path, name], name === undefined),
		};
		// Nobody looks through archives for headers alone.
		await sendPage(response, request.method === "HEAD" ? nothing() : folderPage(facts));
	} finally {
		offers.close();
		listing.close();
	}
}

async function* nothing(): AsyncGenerator<string, void, void> {}

/**
 * The address of a folder ends in a slash, so that links in its page lead to what is in it. The redirect is relative: a proxy in front may serve
 * all of this below a path of its own.
 */
export function redirectToFolder(response: ServerResponse, { path, zip, version }: ServedTarget): void {
	const query = zip ? `?zip${version === undefined ? "" : `=${encodeURIComponent(version)}`}` : "";
	response.writeHead(302, {
		location: `./${encodeName(path.at(-1) ?? "")}/${query}`,
		"content-length": 0,
		"cache-control": "no-store",
	});
	response.end();
}
