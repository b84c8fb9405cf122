/**
 * In the place of the package that lays out the help of yargs, which does so in every run of a command. Nobody reads that help: ours is
 * made in `src/cli/help/`. With its rules of Unicode for the width of a text it takes a tenth of the time that a command takes to start.
 */
// biome-ignore lint/style/noDefaultExport: as the package has one
export default function layout() {
	return { div() {}, span() {}, resetOutput() {}, toString: () => "" };
}
