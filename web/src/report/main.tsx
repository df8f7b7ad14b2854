import "antd/dist/reset.css";
import "@/shared/look/look.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { ThemeProvider } from "@/shared/look/theme";
import { LanguageProvider } from "@/shared/words/words";

import { reportData } from "./data";
import { Report } from "./Report";

const place = document.getElementById("report");
if (place === null) throw new Error("the page has no place for the report");
const data = reportData();
createRoot(place).render(
  <StrictMode>
    <LanguageProvider start={data.language}>
      <ThemeProvider stylesAhead={false}>
        <Report data={data} />
      </ThemeProvider>
    </LanguageProvider>
  </StrictMode>,
);
