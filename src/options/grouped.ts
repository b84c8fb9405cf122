/**
 * A whole number with commas: `65,535`. Not `toLocaleString`, which loads the rules of a language: that takes
 * longer than all else that happens when the schemas are made, also where nobody sees a message.
 */
export function grouped(value: number): string {
	return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}
