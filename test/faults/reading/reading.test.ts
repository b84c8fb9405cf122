import { describe, expect, it } from "vitest";
import type { ReadingScenario } from "./reading-scenario.ts";
import { runReading } from "./run-reading.ts";
import { READING_SCENARIOS } from "./scenarios.ts";
import { storedArchive } from "./stored-archive.ts";

const archive = storedArchive();
const titled = (scenario: ReadingScenario) => [`${scenario.row} ${scenario.fault}`, scenario] as const;
const isQuick = ({ isSlow }: ReadingScenario) => isSlow !== true;

describe("an archive that is read from a storage with a bad day", { timeout: 180_000 }, () => {
	const passes = async (_title: string, scenario: ReadingScenario) => {
		const { violations } = await runReading(scenario, archive);
		expect(violations).toEqual([]);
	};
	it.concurrent.each(READING_SCENARIOS.filter(isQuick).map(titled))("%s", passes);
	it.concurrent.each(READING_SCENARIOS.filter((scenario) => !isQuick(scenario)).map(titled))(
		"%s",
		{ tags: "slow" },
		passes,
	);
});
