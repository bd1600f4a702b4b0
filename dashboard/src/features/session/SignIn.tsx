import { type FormEvent, useState } from "react";
import { ApiError } from "../../api/client";
import { useSignIn } from "../../api/session";
import { text } from "../../lib/text";
import { Door } from "./Door";

/** The form that everybody sees first. */
export function SignIn({ needsSetup = false }: { needsSetup?: boolean }) {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ login, password });
  };
  return (
    <Door
      title={text("session.title")}
      onSubmit={submit}
      busy={signIn.isPending}
      action={text("session.submit")}
    >
      {needsSetup && <p role="status">{text("session.needsSetup")}</p>}
      <label>
        {text("session.login")}
        <input autoComplete="username" required value={login} onChange={(e) => setLogin(e.target.value)} />
      </label>
      <label>
        {text("session.password")}
        <input
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(e) => setPassword(e.target.value)}
        />
      </label>
      {signIn.isError && (
        <p role="alert" className="problem">
          {reason(signIn.error)}
        </p>
      )}
    </Door>
  );
}

function reason(error: Error): string {
  if (error instanceof ApiError && error.status === 401) return text("session.wrong");
  if (error instanceof ApiError && error.status === 429) return text("session.tooMany");
  return error.message;
}
