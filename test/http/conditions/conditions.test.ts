import { describe, expect, it } from "vitest";
import { judge, type Representation, type Verdict } from "../../../src/http/conditions/conditions.ts";

const ETAG = '"0123456789abcdef0123456789abcdef"';
const OTHER = '"fedcba9876543210fedcba9876543210"';
const MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";
const BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
const AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";
const SIZE = 1000;

/** With a fraction of a second, which headers do not have. */
const LAID_OUT: Representation = {
	size: SIZE,
	etag: ETAG,
	lastModifiedMs: Date.parse(MODIFIED) + 700,
	ranged: true,
};
/** While a source is young. */
const UNSETTLED: Representation = { ...LAID_OUT, etag: undefined, lastModifiedMs: undefined, ranged: false };
const STREAM: Representation = { ...UNSETTLED, size: undefined };

type Headers = Readonly<Record<string, string>>;

function verdict(headers: Headers, representation = LAID_OUT, method: string | undefined = "GET"): string {
	const found: Verdict = judge(method, (name) => headers[name], representation);
	return found.type === "range" ? `${found.range.start}-${found.range.end}` : found.type;
}

describe("judge (RFC 9110, 13.2.2)", () => {
	it.each<[Headers, string]>([
		[{}, "whole"],
		// 13.1.1
		[{ "if-match": ETAG }, "whole"],
		[{ "if-match": `${OTHER}, ${ETAG}` }, "whole"],
		[{ "if-match": "*" }, "whole"],
		[{ "if-match": OTHER }, "precondition-failed"],
		[{ "if-match": `W/${ETAG}` }, "precondition-failed"],
		[{ "if-match": "no tag" }, "precondition-failed"],
		[{ "if-match": OTHER, "if-none-match": ETAG }, "precondition-failed"],
		[{ "if-match": OTHER, range: "bytes=0-1" }, "precondition-failed"],
		[{ "if-match": ETAG, range: "bytes=0-1" }, "0-2"],
		// 13.1.4
		[{ "if-unmodified-since": MODIFIED }, "whole"],
		[{ "if-unmodified-since": AFTER }, "whole"],
		[{ "if-unmodified-since": BEFORE }, "precondition-failed"],
		[{ "if-unmodified-since": BEFORE, "if-match": ETAG }, "whole"],
		[{ "if-unmodified-since": "yesterday" }, "whole"],
		// 13.1.2
		[{ "if-none-match": ETAG }, "not-modified"],
		[{ "if-none-match": `W/${ETAG}` }, "not-modified"],
		[{ "if-none-match": `${OTHER} ,${ETAG}` }, "not-modified"],
		[{ "if-none-match": "*" }, "not-modified"],
		[{ "if-none-match": OTHER }, "whole"],
		[{ "if-none-match": "" }, "whole"],
		[{ "if-none-match": ETAG, range: "bytes=0-1" }, "not-modified"],
		// 13.1.3
		[{ "if-modified-since": MODIFIED }, "not-modified"],
		[{ "if-modified-since": AFTER }, "not-modified"],
		[{ "if-modified-since": BEFORE }, "whole"],
		[{ "if-modified-since": "1994-11-06" }, "whole"],
		[{ "if-modified-since": AFTER, "if-none-match": OTHER }, "whole"],
		// 14.2
		[{ range: "bytes=0-0" }, "0-1"],
		[{ range: "bytes=10-19" }, "10-20"],
		[{ range: "Bytes=10-19" }, "10-20"],
		[{ range: "bytes=10-" }, "10-1000"],
		[{ range: "bytes=999-" }, "999-1000"],
		[{ range: "bytes=990-5000" }, "990-1000"],
		[{ range: "bytes=-10" }, "990-1000"],
		[{ range: "bytes=-5000" }, "0-1000"],
		[{ range: "bytes= 10-19 " }, "10-20"],
		[{ range: "bytes=1000-" }, "unsatisfiable"],
		[{ range: "bytes=1000-1001" }, "unsatisfiable"],
		[{ range: "bytes=99999999999999999999-" }, "unsatisfiable"],
		[{ range: "bytes=-0" }, "unsatisfiable"],
		[{ range: "bytes=20-10" }, "whole"],
		[{ range: "bytes=-" }, "whole"],
		[{ range: "bytes=" }, "whole"],
		[{ range: "bytes=a-b" }, "whole"],
		[{ range: "10-19" }, "whole"],
		[{ range: "entries=1-2" }, "whole"],
		[{ range: "bytes=0-1,5-6" }, "whole"],
		[{ range: "bytes=0-1,5000-" }, "whole"],
		// 13.1.5
		[{ range: "bytes=10-19", "if-range": ETAG }, "10-20"],
		[{ range: "bytes=10-19", "if-range": OTHER }, "whole"],
		[{ range: "bytes=10-19", "if-range": `W/${ETAG}` }, "whole"],
		[{ range: "bytes=10-19", "if-range": MODIFIED }, "whole"],
		[{ range: "bytes=5000-", "if-range": OTHER }, "whole"],
		[{ "if-range": OTHER }, "whole"],
	])("%j → %s", (headers, expected) => {
		expect(verdict(headers)).toBe(expected);
	});

	it.each<[Headers, string]>([
		[{ range: "bytes=0-1" }, "whole"],
		[{ range: "bytes=5000-" }, "whole"],
		[{ range: "bytes=0-1", "if-range": ETAG }, "whole"],
		[{ "if-none-match": ETAG }, "whole"],
		[{ "if-modified-since": AFTER }, "whole"],
		[{ "if-unmodified-since": BEFORE }, "whole"],
		[{ "if-match": ETAG }, "precondition-failed"],
		[{ "if-match": "*" }, "whole"],
		[{ "if-none-match": "*" }, "not-modified"],
	])(
		"promises nothing while a source is young, and of what is made on the fly: %j → %s",
		(headers, expected) => {
			expect(verdict(headers, UNSETTLED)).toBe(expected);
			expect(verdict(headers, STREAM)).toBe(expected);
		},
	);

	it("knows no ranges of HEAD, and no conditions of methods that change something", () => {
		expect(verdict({ range: "bytes=0-1" }, LAID_OUT, "HEAD")).toBe("whole");
		expect(verdict({ range: "bytes=5000-" }, LAID_OUT, "HEAD")).toBe("whole");
		expect(verdict({ "if-none-match": ETAG }, LAID_OUT, "HEAD")).toBe("not-modified");
		const all = { "if-none-match": ETAG, "if-match": OTHER, range: "bytes=0-1" };
		expect(verdict(all, LAID_OUT, "POST")).toBe("whole");
		expect(judge(undefined, (name) => all[name as keyof typeof all], LAID_OUT)).toEqual({ type: "whole" });
	});
});
