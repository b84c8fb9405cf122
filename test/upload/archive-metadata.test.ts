import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/errors.ts";
import {
	type ArchiveMetadata,
	objectMetadata,
	readArchiveMetadata,
	writeArchiveMetadata,
} from "../../src/upload/archive-metadata.ts";

const FACTS: ArchiveMetadata = {
	format: 1,
	startedNs: "1795000000123000000",
	method: "auto",
	level: 6,
	mtime: undefined,
	job: undefined,
	template: undefined,
	fingerprint: undefined,
};

describe("the metadata of an archive", () => {
	it("has a name for each fact that there is", () => {
		expect(writeArchiveMetadata({ ...FACTS, job: "photos" })).toEqual({
			"zipferry-format": "1",
			"zipferry-started": "1795000000123000000",
			"zipferry-method": "auto",
			"zipferry-level": "6",
			"zipferry-job": "photos",
		});
	});

	it.each([
		FACTS,
		{ ...FACTS, mtime: "2026-01-31T12:00:00.000Z", fingerprint: "0123abcd" },
		{ ...FACTS, job: " Fotos Jörg 📷 ", template: "s3://b/{host}/{name}/%Y-%m-%dT%H-%M-%SZ.zip" },
		{ ...FACTS, job: "100%25", template: "tab\there" },
		{ ...FACTS, sources: "0123abcd", fullStartedNs: "1792000000123000000", base: "a/1 ü.zip" },
	])("is read back as it was written (%#)", (facts) => {
		expect(readArchiveMetadata(writeArchiveMetadata(facts))).toEqual(facts);
	});

	it("is printable ASCII without spaces", () => {
		const written = writeArchiveMetadata({ ...FACTS, job: "ü 📷\n", template: "%" });
		expect(written).toMatchObject({ "zipferry-job": "%C3%BC%20%F0%9F%93%B7%0A", "zipferry-template": "%25" });
	});

	it.each([
		{},
		{ owner: "me" },
		{ ...writeArchiveMetadata(FACTS), "zipferry-format": "new" },
		{ ...writeArchiveMetadata(FACTS), "zipferry-format": "0" },
		{ ...writeArchiveMetadata(FACTS), "zipferry-started": "yesterday" },
		{ ...writeArchiveMetadata(FACTS), "zipferry-level": "high" },
		{ ...writeArchiveMetadata(FACTS), "zipferry-full": "never" },
		{ ...writeArchiveMetadata(FACTS), "zipferry-method": "%E0%A4%A" },
	])("is not taken from an object that has other metadata (%#)", (metadata) => {
		expect(readArchiveMetadata(metadata)).toBeUndefined();
	});
});

describe("the metadata of an upload", () => {
	const settings = { method: "store", level: 9, mtime: "2026-01-31T13:00:00+01:00" } as const;
	const startedMs = Date.UTC(2026, 10, 26);

	it("is the user's and what the upload says of itself", () => {
		const mark = { job: "j", template: "s3://b/k", fingerprint: undefined };
		expect(objectMetadata({ ...settings, metadata: { Owner: "me" } }, startedMs, mark)).toEqual({
			Owner: "me",
			"zipferry-format": "1",
			"zipferry-started": "1795651200000000000",
			"zipferry-method": "store",
			"zipferry-level": "9",
			"zipferry-mtime": "2026-01-31T12:00:00.000Z",
			"zipferry-job": "j",
			"zipferry-template": "s3://b/k",
		});
	});

	it.each(["zipferry-job", "Zipferry-Started", "zipferry-of-mine"])("cannot be given as %s", (name) => {
		const given = () => objectMetadata({ ...settings, metadata: { [name]: "x" } }, startedMs);
		expect(given).toThrow(InvalidOptionError);
		expect(given).toThrow(`"${name}" begins with "zipferry-"`);
	});

	it("is refused with a template that takes more by itself", () => {
		const mark = { job: undefined, template: "ü".repeat(400), fingerprint: undefined };
		expect(() => objectMetadata(settings, startedMs, mark)).toThrow(
			/^the template and the name of the job take too much .*: \d+ bytes, percent-encoded; storages take 2048$/,
		);
	});

	it("is refused where it takes more than 2,048 bytes, names and values together", () => {
		const own = Object.entries(objectMetadata(settings, startedMs)).join("").replaceAll(",", "").length;
		const give = (size: number) =>
			objectMetadata({ ...settings, metadata: { n: "x".repeat(size) } }, startedMs);
		expect(() => give(2048 - own - 1)).not.toThrow();
		expect(() => give(2048 - own)).toThrow(
			`metadata takes ${2049 - own} bytes, names and values together; storages take 2048, of which the upload needs ${own} itself`,
		);
	});

	it("leaves out the key of the base where there is no room for it, and nothing else", () => {
		const mark = { job: "j", template: "t", fullStartedNs: "1795651200000000000", base: "k".repeat(1000) };
		const { "zipferry-base": base, ...rest } = objectMetadata(settings, startedMs, mark);
		expect(base).toBe(mark.base);
		const metadata = { n: "x".repeat(1000) };
		expect(objectMetadata({ ...settings, metadata }, startedMs, mark)).toEqual({ ...metadata, ...rest });
	});
});
