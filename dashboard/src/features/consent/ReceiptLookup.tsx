import { type FormEvent, useState } from "react";
import type { Schema } from "../../api/client";
import { useProof } from "../../api/consent";
import { Card } from "../../components/Card";
import { Loaded } from "../../components/States";
import { text } from "../../lib/text";
import { facts, receiptId } from "./receipt";

/** Answers "prove that this person agreed": the visitor gives the receipt's id, nothing else could find it. */
export function ReceiptLookup() {
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  const id = receiptId(asked);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(typed);
  };
  return (
    <Card title={text("receipt.title")}>
      <form className="lookup" onSubmit={submit}>
        <label>
          {text("receipt.id")}
          <input
            required
            spellCheck={false}
            autoComplete="off"
            value={typed}
            onChange={(e) => setTyped(e.target.value)}
          />
        </label>
        <button type="submit">{text("receipt.find")}</button>
      </form>
      {asked === "" && <p className="note">{text("receipt.where")}</p>}
      {asked !== "" && id === undefined && (
        <p role="alert" className="problem">
          {text("receipt.noId")}
        </p>
      )}
      {id !== undefined && <Found id={id} />}
    </Card>
  );
}

function Found({ id }: { id: string }) {
  return (
    <Loaded query={useProof(id)}>
      {(proof) => (proof ? <ProofOf id={id} proof={proof} /> : <p role="alert">{text("receipt.none")}</p>)}
    </Loaded>
  );
}

function ProofOf({ id, proof }: { id: string; proof: Schema["Proof"] }) {
  return (
    <>
      <dl className="facts">
        {facts(proof.receipt).map(([name, value]) => (
          <div key={name}>
            <dt>{text(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h4>{text("receipt.text")}</h4>
      {proof.text === null ? (
        <p className="note">{text("receipt.noText")}</p>
      ) : (
        <blockquote className="as-shown">{proof.text}</blockquote>
      )}
      <details>
        <summary>{text("receipt.raw")}</summary>
        <pre>{JSON.stringify(proof.receipt, null, 2)}</pre>
      </details>
      <a className="more" href={`/matomo.php?consent=receipt&receipt=${id}`} download={`consent-${id}.json`}>
        {text("receipt.download")}
      </a>
    </>
  );
}
