import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = "http://127.0.0.1:8090";

// `npm run dev` shows the dashboard reloading, with a candor at its default address behind it.
export default defineConfig({
  plugins: [react()],
  build: { target: "es2022", assetsInlineLimit: 0 },
  server: { proxy: { "/api": server, "/index.php": server, "/matomo.php": server } },
});
