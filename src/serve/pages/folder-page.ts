import { describeSize, formatNumber } from "../../bytes/units.ts";
import { html, type Markup } from "../../markup/markup.ts";
import { textOf } from "../../sources/files/place.ts";
import { encodeName } from "../request/served-target.ts";
import type { ServedItem, ServedPath } from "../tree/served-tree.ts";
import { PAGE_END, pageHead } from "./page-frame.ts";

/** The archive of a folder, as far as a page can offer it. */
export type Offer =
	| {
			readonly kind: "sized";
			/** Bytes. */
			readonly size: number;
			readonly entryCount: number;
			/** Names the state that the link is for; `undefined` if nothing tells one from another. */
			readonly version: string | undefined;
	  }
	/** Looking through all of it would take longer than a page may. */
	| { readonly kind: "unmeasured" }
	| { readonly kind: "empty" }
	/** Something in it cannot be read, or is in the way of something else. */
	| { readonly kind: "unreadable" };

/** What a page shows. */
export interface FolderFacts {
	/** Name of the root. */
	readonly title: string;
	readonly path: ServedPath;
	readonly items: AsyncIterable<Iterable<ServedItem>>;
	/** The archive of the folder itself, or of one in it. */
	readonly offer: (name?: string) => Promise<Offer>;
}

/** The page of a folder, piece by piece, as it comes in. */
export async function* folderPage(facts: FolderFacts): AsyncGenerator<string, void, void> {
	const { title, path, items, offer } = facts;
	const name = path.length === 0 ? title : textOf(path.at(-1) ?? "");
	yield html`${pageHead(name)}<header>
${path.length === 0 ? undefined : breadcrumb(title, path)}
<h1><bdi>${name}</bdi></h1>
</header>
<main>
`.text;
	const own = await offer();
	yield html`${describeOffer(own, name)}\n`.text;
	let count = 0;
	for await (const batch of items) {
		for (const item of batch) {
			if (count++ === 0) yield tableStart(name).text;
			const archive = item.kind === "folder" && isServed(item.name) ? await offer(item.name) : undefined;
			yield row(item, archive).text;
		}
	}
	if (count > 0) yield "</tbody>\n</table>\n";
	else if (own.kind !== "empty") yield "<p>There is nothing in this folder to show.</p>\n";
	yield `</main>\n${PAGE_END.text}`;
}

function breadcrumb(title: string, path: ServedPath): Markup {
	const above = [title, ...path.slice(0, -1).map(textOf)];
	const links = above.map((name, index) => {
		const href = "../".repeat(above.length - index);
		return html`<li><a href="${href}"><bdi>${name}</bdi></a></li>`;
	});
	return html`<nav aria-label="Folders above"><ol>${links}</ol></nav>`;
}

function describeOffer(offer: Offer, name: string): Markup {
	switch (offer.kind) {
		case "sized": {
			const { size, entryCount } = offer;
			const entries = `${formatNumber(entryCount)} ${entryCount === 1 ? "entry" : "entries"}`;
			const label = `Download ${name} as ZIP, ${describeSize(size)}`;
			return html`<p><a class="zip" href="${zipHref(offer)}" aria-label="${label}">Download ZIP, ${describeSize(size)}</a>
<span class="soft">${entries}</span></p>`;
		}
		case "unmeasured":
			return html`<p><a class="zip" href="?zip" aria-label="Download ${name} as ZIP">Download ZIP</a>
<span class="soft">too much to say how large it is</span></p>`;
		case "empty":
			return html`<p>This folder is empty.</p>`;
		case "unreadable":
			return html`<p>There is no ZIP of this folder, because something in it cannot be read or archived.</p>`;
	}
}

function tableStart(name: string): Markup {
	return html`<table>
<caption>Contents of ${name}</caption>
<thead><tr><th scope="col">Name</th><th scope="col" class="size">Size</th><th scope="col">Modified (UTC)</th><th scope="col">ZIP</th></tr></thead>
<tbody>
`;
}

function row(item: ServedItem, offer: Offer | undefined): Markup {
	const { name, kind, what, size, mtimeMs } = item;
	const text = textOf(name);
	const href = `./${encodeName(name)}${kind === "folder" ? "/" : ""}`;
	const shown = html`<bdi>${text}</bdi>${kind === "folder" ? "/" : ""}`;
	return html`<tr><th scope="row">${kind === "other" || !isServed(name) ? html`${shown} <span class="soft">(${what ?? "cannot be addressed"}, not served)</span>` : html`<a href="${href}">${shown}</a>`}</th><td class="size">${size === undefined ? "" : describeSize(size)}</td><td>${mtimeMs === undefined ? "" : time(mtimeMs)}</td><td>${offer && zipCell(offer, href, text)}</td></tr>
`;
}

/** Names that no path can have; objects may have them. */
function isServed(name: string): boolean {
	return name !== "" && name !== "." && name !== "..";
}

function zipCell(offer: Offer, href: string, name: string): Markup | string {
	switch (offer.kind) {
		case "sized": {
			const label = `Download ${name} as ZIP, ${describeSize(offer.size)}`;
			return html`<a href="${href}${zipHref(offer)}" aria-label="${label}">ZIP, ${describeSize(offer.size)}</a>`;
		}
		case "unmeasured":
			return html`<a href="${href}?zip" aria-label="Download ${name} as ZIP">ZIP</a>`;
		case "empty":
			return "empty";
		case "unreadable":
			return "none";
	}
}

function zipHref({ version }: Extract<Offer, { kind: "sized" }>): string {
	return version === undefined ? "?zip" : `?zip=${version}`;
}

function time(mtimeMs: number): Markup | string {
	const moment = new Date(mtimeMs);
	if (Number.isNaN(moment.getTime())) return "";
	const iso = moment.toISOString();
	return html`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")}</time>`;
}
