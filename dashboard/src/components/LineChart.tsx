import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

interface Props {
  label: string;
  series: string;
  /** Seconds since 1970 UTC, ascending. */
  times: number[];
  values: number[];
}

const HEIGHT = 220;

/** One line over time. Colours come from the page's custom properties, so it follows dark mode. */
export function LineChart({ label, series, times, values }: Props) {
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const node = frame.current;
    if (!node) return;
    let chart: uPlot | undefined;
    const draw = () => {
      chart?.destroy();
      const style = getComputedStyle(node);
      const color = (name: string) => style.getPropertyValue(name).trim();
      const axis: uPlot.Axis = {
        stroke: color("--quiet"),
        grid: { stroke: color("--line"), width: 1 },
        ticks: { show: false },
        font: "12px system-ui",
      };
      const options: uPlot.Options = {
        width: node.clientWidth,
        height: HEIGHT,
        padding: [12, 24, 0, 0],
        legend: { show: true, live: true },
        cursor: { points: { size: 8 }, drag: { x: false, y: false } },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
        axes: [
          { ...axis, grid: { show: false } },
          { ...axis, size: 56 },
        ],
        scales: { y: { range: (_chart, _low, high) => [0, Math.max(4, high * 1.1)] } },
        series: [
          { value: "{YYYY}-{MM}-{DD}" },
          {
            label: series,
            stroke: color("--accent"),
            fill: color("--accent-soft"),
            width: 2,
            points: { show: times.length < 3 },
          },
        ],
      };
      chart = new uPlot(options, [times, values], node);
    };
    draw();
    const resized = new ResizeObserver(() => chart?.setSize({ width: node.clientWidth, height: HEIGHT }));
    resized.observe(node);
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    return () => {
      resized.disconnect();
      dark.removeEventListener("change", draw);
      chart?.destroy();
    };
  }, [series, times, values]);

  return <div ref={frame} className="chart" role="img" aria-label={label} />;
}
