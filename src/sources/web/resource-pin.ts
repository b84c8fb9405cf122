import { SourceError } from "../../errors.ts";
import { shownUrl } from "../../reader/ranged/url/shown-url.ts";
import { unquote } from "../../s3/object-proof.ts";
import type { EntryPin } from "../pins/entry-pin.ts";
import { canBeContinued, isStrong, type ResourceFacts } from "./resource-facts.ts";

/**
 * The state of a resource, for whoever reads it later and elsewhere.
 *
 * @throws {SourceError} `SOURCE_UNREADABLE` if nothing tells this state from another, or its address is only good for those who may know
 * the password in it.
 */
export function pinResource(
	url: URL,
	facts: ResourceFacts,
	attributes: Pick<EntryPin, "mtimeMs" | "mode">,
): EntryPin {
	const { size, etag } = facts;
	if (url.username !== "" || url.password !== "")
		throw refusal(url, "has a user or a password in its address, which is not written down for others");
	if (!canBeContinued(facts))
		throw refusal(
			url,
			"has neither an ETag nor a time of its last change: nothing would tell others if it is replaced",
		);
	if (size === undefined) throw refusal(url, "has no known size: its server does not say how long it is");
	return {
		...{ place: url.href, kind: "file", size, ...attributes },
		...(isStrong(etag) ? { etag: unquote(etag) } : {}),
	};
}

function refusal(url: URL, problem: string): SourceError {
	const origin = shownUrl(url);
	return new SourceError("SOURCE_UNREADABLE", `${origin} ${problem}`, { origin });
}
