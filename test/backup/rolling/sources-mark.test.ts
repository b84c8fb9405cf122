import { describe, expect, it } from "vitest";
import type { JobSource } from "../../../src/backup/job.ts";
import { sourcesMark } from "../../../src/backup/rolling/sources-mark.ts";
import { parseKeyTemplate } from "../../../src/backup/template/parse-key-template.ts";

function markOf(sources: readonly JobSource[], host = "db1"): string {
	return sourcesMark({ sources, template: parseKeyTemplate("s3://bucket/%F.zip", { host }) });
}

const SRV: JobSource = { path: "/srv" };

describe("the mark of the sources of a job", () => {
	it("is short, and the same each time, however a path is written", () => {
		expect(markOf([SRV])).toMatch(/^[0-9a-f]{32}$/);
		expect(markOf([SRV])).toBe(markOf([{ path: "/srv/../srv/" }]));
	});

	it("is another one for each machine, place, name and storage of the sources", () => {
		const marks = [
			markOf([SRV]),
			markOf([SRV], "db2"),
			markOf([{ path: "/home" }]),
			markOf([{ path: "/srv", as: "data" }]),
			markOf([SRV, { path: "/home" }]),
			markOf([{ paths: [] }]),
			markOf([{ name: "srv", command: ["cat"] }]),
			markOf([{ url: "s3://logs/2026/" }]),
			markOf([{ url: "s3://logs/2026/", storage: { endpoint: "https://s3.example.com" } }]),
			markOf([{ archive: "/srv/old.zip" }]),
			markOf([{ archive: "/srv/old.zip", entry: "reports" }]),
		];
		expect(new Set(marks).size).toBe(marks.length);
	});
});
