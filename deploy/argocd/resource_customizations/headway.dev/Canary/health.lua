-- SPDX-License-Identifier: Apache-2.0
-- Health of a Canary or a BlueGreen of headway.dev, by its conditions.

local status = obj.status or {}
local generation = obj.metadata.generation

local conditions = {}
for _, condition in ipairs(status.conditions or {}) do
  conditions[condition.type] = condition
end
local ready = conditions["Ready"] or {}

local function holds(type)
  return conditions[type] ~= nil and conditions[type].status == "True"
end

-- The first of these conditions that is True decides, with its own sentence and that of Ready.
local function decided(health, types)
  for _, type in ipairs(types) do
    if holds(type) then
      local message = conditions[type].message
      if ready.message ~= nil and ready.message ~= message then
        message = message .. "; " .. ready.message
      end
      return { status = health, message = message }
    end
  end
  return nil
end

-- What is held without anybody's mistake, until something outside of it changes.
local waiting = { NoData = true, BothDegraded = true, ScaledToZero = true, Paused = true }

if obj.metadata.deletionTimestamp ~= nil then
  return { status = "Progressing", message = ready.message or "is being deleted" }
end

-- A status of an older spec is no verdict on this one.
if status.observedGeneration ~= generation then
  local message = "no operator has looked at generation " .. tostring(generation) .. " yet"
  if ready.observedGeneration == generation then
    message = ready.message
  end
  return { status = "Progressing", message = message }
end

local health = decided("Degraded", { "Stalled", "RolledBack" }) or decided("Suspended", { "Suspended", "Paused" })
if health ~= nil then
  return health
end
if holds("Ready") then
  return { status = "Healthy", message = ready.message }
end
if waiting[ready.reason] then
  return { status = "Suspended", message = ready.message }
end
return { status = "Progressing", message = ready.message }
