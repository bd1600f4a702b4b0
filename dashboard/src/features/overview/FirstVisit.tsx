import { useTrackingCode } from "../../api/reports";
import { Card } from "../../components/Card";
import { Loaded } from "../../components/States";
import { text } from "../../lib/text";

/** What a site needs that was never visited, in place of reports that have nothing to say. */
export function FirstVisit({ site }: { site: number }) {
  return (
    <Card title={text("first.title")} wide>
      <p>{text("first.paste")}</p>
      <Loaded query={useTrackingCode(site)}>{(code) => <pre>{code}</pre>}</Loaded>
      <p className="note">{text("first.others", { site })}</p>
    </Card>
  );
}
