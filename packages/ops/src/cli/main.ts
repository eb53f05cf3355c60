#!/usr/bin/env node
import { runProcess } from './run-process';

void runProcess(process);
