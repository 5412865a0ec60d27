/** A few numbers made of many. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What many measurements come to: the median, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Slope of the line through the points, by least squares: what one more costs, whatever the first costs. */
export function slope(points: readonly Point[]): number {
  const x = mean(points.map(point => point.x));
  const y = mean(points.map(point => point.y));
  const covariance = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  const variance = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return covariance / variance;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return {
    median: sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2,
    min: sorted[0],
    max: sorted[sorted.length - 1],
  };
}

/** The ratios of two series that were measured in pairs: whatever slows a pair down slows both of it. */
export function ratios(values: readonly number[], bases: readonly number[]): Spread {
  return spread(values.map((value, index) => value / bases[index]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
