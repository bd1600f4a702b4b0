import { type FormEvent, useState } from "react";
import { useSetUp } from "../../api/session";
import { text } from "../../lib/text";
import { Door } from "./Door";

/** The first account, by the one-time link that the server prints at its first start. */
export function SetUp({ token }: { token: string }) {
  const [given, setGiven] = useState({ login: "", email: "", password: "" });
  const setUp = useSetUp();
  const field = (name: keyof typeof given) => ({
    required: true,
    value: given[name],
    onChange: (e: { target: { value: string } }) => setGiven({ ...given, [name]: e.target.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUp.mutate({ token, ...given }, { onSuccess: () => window.history.replaceState(null, "", "/") });
  };
  return (
    <Door title={text("setup.title")} onSubmit={submit} busy={setUp.isPending} action={text("setup.submit")}>
      <p>{text("setup.intro")}</p>
      <p className="note">{text("setup.next")}</p>
      <label>
        {text("session.login")}
        <input autoComplete="username" {...field("login")} />
      </label>
      <label>
        {text("setup.email")}
        <input type="email" autoComplete="email" {...field("email")} />
      </label>
      <label>
        {text("session.password")}
        <input type="password" autoComplete="new-password" minLength={6} {...field("password")} />
      </label>
      {setUp.isError && (
        <p role="alert" className="problem">
          {setUp.error.message}
        </p>
      )}
    </Door>
  );
}
