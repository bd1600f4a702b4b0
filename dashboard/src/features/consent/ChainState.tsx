import { useChain } from "../../api/consent";
import { Card } from "../../components/Card";
import { Loaded } from "../../components/States";
import { formatNumber } from "../../lib/format";
import { text } from "../../lib/text";

/** Whether all consent records are as they were written, and the key that receipts are checked with. */
export function ChainState() {
  return (
    <Card title={text("chain.title")}>
      <Loaded query={useChain()}>
        {(chain) => (
          <>
            {chain.whole ? (
              <p>{text("chain.whole", { records: formatNumber(chain.records) })}</p>
            ) : (
              <p role="alert" className="problem">
                {text("chain.broken", { record: formatNumber(chain.records) })}
              </p>
            )}
            <dl className="facts">
              {chain.whole && (
                <div>
                  <dt>{text("chain.head")}</dt>
                  <dd className="code">{chain.head}</dd>
                </div>
              )}
              <div>
                <dt>{text("chain.key")}</dt>
                <dd className="code">{chain.public_key}</dd>
              </div>
            </dl>
          </>
        )}
      </Loaded>
    </Card>
  );
}
