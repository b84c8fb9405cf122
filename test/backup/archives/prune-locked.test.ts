import { expect, it } from "vitest";
import { planPrune } from "../../../src/backup/archives/plan-prune.ts";
import { pruneArchives } from "../../../src/backup/archives/prune-archives.ts";
import { putObjectRetention } from "../../../src/s3/objects/object-retention.ts";
import { TEMPLATE, useLockedBucket } from "../object-lock/locked-bucket.ts";

const bucket = useLockedBucket();

it("leaves an archive alone that was locked meanwhile, by the time of the run", async () => {
	for (const day of [1, 2, 3]) await bucket().back(`2026-01-0${day}T03:00:00Z`);
	const { connection, now } = bucket();
	const archives = await bucket().archives();
	const { removed } = planPrune(archives, { last: 1, min: 1 }, { timeZone: "UTC", now });
	const [first] = archives;
	const beforeDelete = async () => {
		const address = { bucket: "locked", key: first?.key ?? "" };
		const until = new Date("2026-02-01T00:00:00Z");
		await putObjectRetention(connection, address, { mode: "governance", until });
	};
	const outcome = await pruneArchives(connection, TEMPLATE, removed, now, { beforeDelete });
	expect(outcome.spared.map(({ key }) => key)).toEqual(["job/2026-01-01T03-00-00Z.zip"]);
	expect((await bucket().archives()).map(({ key }) => key)).toEqual([
		"job/2026-01-01T03-00-00Z.zip",
		"job/2026-01-03T03-00-00Z.zip",
	]);
});
